/* What the C programs behind package oracle share. A question is a length of four bytes, low byte first, and fields each ended by NUL; an
   answer is such a length and bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ask reads the next question; the program ends with its input. The field behind the last is NULL. */
static char **ask(void)
{
	static char *text, **fields;
	uint32_t size, count = 0;
	if (fread(&size, 1, 4, stdin) != 4)
		exit(0);
	text = realloc(text, size + 1);
	fields = realloc(fields, (size + 1) * sizeof *fields);
	if (!text || !fields || fread(text, 1, size, stdin) != size)
		exit(1);
	for (char *field = text; field < text + size; field += strlen(field) + 1)
		fields[count++] = field;
	fields[count] = NULL;
	return fields;
}

static void answer(const char *bytes, uint32_t size)
{
	if (fwrite(&size, 1, 4, stdout) != 4 || fwrite(bytes, 1, size, stdout) != size || fflush(stdout))
		exit(1);
}
