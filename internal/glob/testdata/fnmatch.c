/* Answers fnmatch(pattern, string, 0) of the C library, in the C locale: reads pattern NUL string NUL ... from standard
   input and writes one byte for each pair, 1 where they match and 0 where not. All pairs that one read brings whole are
   answered by one write, so that a caller may send many at once or wait for each. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void answer(const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, count);
		if (n <= 0)
			exit(1);
		bytes += n;
		count -= n;
	}
}

int main(void)
{
	size_t size = 1 << 16, used = 0;
	char *in = malloc(size), *out = malloc(size);
	for (;;) {
		if (used == size) {
			size *= 2;
			in = realloc(in, size);
			out = realloc(out, size);
		}
		if (!in || !out)
			return 1;
		ssize_t n = read(STDIN_FILENO, in + used, size - used);
		if (n <= 0)
			return n < 0 || used > 0;
		used += n;

		size_t done = 0, answers = 0;
		for (;;) {
			char *pattern = in + done;
			char *end = memchr(pattern, 0, used - done);
			char *string = end ? end + 1 : in + used;
			end = memchr(string, 0, in + used - string);
			if (!end)
				break;
			out[answers++] = fnmatch(pattern, string, 0) == 0;
			done = end + 1 - in;
		}
		memmove(in, in + done, used - done);
		used -= done;
		answer(out, answers);
	}
}
