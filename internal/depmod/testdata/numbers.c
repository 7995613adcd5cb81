/* Tells what the C library makes of a text: as a whole number of base 16 by strtoull, "none" if it is none, and whether sscanf finds a kernel
   release in it, as in "ff yes". */
#include "../../../test/oracle/oracle.h"

int main(void)
{
	for (;;) {
		const char *text = ask()[0];
		char said[64] = "none", *end;
		unsigned int major, minor;
		unsigned long long number = strtoull(text, &end, 16);

		if (end != text && *end == '\0')
			sprintf(said, "%llx", number);
		strcat(said, sscanf(text, "%u.%u", &major, &minor) == 2 ? " yes" : " no");
		answer(said, strlen(said));
	}
}
