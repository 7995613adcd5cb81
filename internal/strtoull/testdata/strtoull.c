/* Tells what strtoull makes of a whole text, the second field, with the base in the first; "none" if it is no number. */
#include "../../../test/oracle/oracle.h"

int main(void)
{
	for (;;) {
		char **question = ask(), *text = question[1], said[64] = "none", *end;
		unsigned long long number = strtoull(text, &end, atoi(question[0]));

		if (end != text && *end == '\0')
			sprintf(said, "%llu", number);
		answer(said, strlen(said));
	}
}
