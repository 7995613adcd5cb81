/* Tells whether sscanf finds a kernel release in a text, as C kmod looks for one. */
#include "../../../test/oracle/oracle.h"

int main(void)
{
	for (;;) {
		unsigned int major, minor;
		const char *said = sscanf(ask()[0], "%u.%u", &major, &minor) == 2 ? "yes" : "no";

		answer(said, strlen(said));
	}
}
