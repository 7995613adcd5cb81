/* Tells what strtoul makes of a whole text with base 0; "none" if it is no number. */
#include "../../../test/oracle/oracle.h"

int main(void)
{
	for (;;) {
		const char *text = ask()[0];
		char said[64] = "none", *end;
		unsigned long number = strtoul(text, &end, 0);

		if (end != text && *end == '\0')
			sprintf(said, "%lu", number);
		answer(said, strlen(said));
	}
}
