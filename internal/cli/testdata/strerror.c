/* Prints strerror(3) of 1 to 200, a line each. */
#include <stdio.h>
#include <string.h>

int main(void)
{
	for (int number = 1; number <= 200; number++)
		puts(strerror(number));
}
