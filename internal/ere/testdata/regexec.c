/* Tells what the C library's regexec makes of an expression and a text: "invalid", "match" or "none". */
#include <regex.h>
#include <sys/resource.h>

#include "../../../test/oracle/oracle.h"

int main(void)
{
	/* Some expressions take all memory that there is. */
	struct rlimit memory = {1 << 30, 1 << 30};
	setrlimit(RLIMIT_AS, &memory);
	for (;;) {
		char **fields = ask();
		regex_t expression;
		const char *said = "invalid";
		if (regcomp(&expression, fields[0], REG_EXTENDED | REG_NOSUB) == 0) {
			said = regexec(&expression, fields[1], 0, NULL, 0) == 0 ? "match" : "none";
			regfree(&expression);
		}
		answer(said, strlen(said));
	}
}
