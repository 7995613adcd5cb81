/* Tells what sscanf makes of a line as an entry of modules.devname: MODULE|NODE|TYPE|MAJOR|MINOR, or "none". */
#include "../../../test/oracle/oracle.h"

int main(void)
{
	for (;;) {
		const char *line = ask()[0];
		size_t size = strlen(line) + 1;
		char *module = malloc(size), *node = malloc(size), *said = malloc(2 * size + 64), type;
		unsigned int major, minor;

		if (!module || !node || !said)
			return 1;
		strcpy(said, "none");
		if (sscanf(line, "%s %s %c%u:%u", module, node, &type, &major, &minor) == 5 && (type == 'b' || type == 'c'))
			sprintf(said, "%s|%s|%c|%u|%u", module, node, type, major, minor);
		answer(said, strlen(said));
		free(module);
		free(node);
		free(said);
	}
}
