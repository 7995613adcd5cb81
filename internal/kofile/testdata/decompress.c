/* Tells what zlib's gzread and libzstd make of compressed files. The libraries are opened as they are installed, without their headers. A
   question is a length of four bytes, low byte first, the format, 'g' or 'z', and so many bytes; an answer is such a length and, of so many
   bytes, a verdict and what belongs to it: 'c' and the content, 'm' where there are more than LIMIT bytes, 'b' and the library's words for what
   is bad, 'd' where libzstd differs with itself. Before the first question stands one byte, 'r', or 'l' where a library is missing. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LIMIT (1 << 20)

static void *(*gzdopen)(int, const char *);
static int (*gzread)(void *, void *, unsigned);
static const char *(*gzerror)(void *, int *);
static int (*gzclose)(void *);

struct buffer {
	const void *bytes;
	size_t size, pos;
};
static void *(*createDCtx)(void);
static size_t (*setParameter)(void *, int, int);
static size_t (*reset)(void *, int);
static size_t (*decompressStream)(void *, struct buffer *out, struct buffer *in);
static size_t (*decompressDCtx)(void *, void *, size_t, const void *, size_t);
static unsigned (*isError)(size_t);
static const char *(*getErrorName)(size_t);

static char content[LIMIT + 1];

static void answer(char verdict, const char *bytes, uint32_t size)
{
	uint32_t all = size + 1;
	if (fwrite(&all, 1, 4, stdout) != 4 || putchar(verdict) == EOF || fwrite(bytes, 1, size, stdout) != size || fflush(stdout))
		exit(1);
}

static void gunzip(const char *data, uint32_t size)
{
	int fd = memfd_create("data", 0), code, n;
	uint32_t have = 0;
	if (fd < 0 || write(fd, data, size) != size || lseek(fd, 0, SEEK_SET) != 0)
		exit(1);
	void *file = gzdopen(fd, "r");
	if (!file)
		exit(1);
	while (have <= LIMIT && (n = gzread(file, content + have, LIMIT + 1 - have)) > 0)
		have += n;
	/* What is cut off is Z_BUF_ERROR behind its content. */
	const char *words = gzerror(file, &code);
	if (have > LIMIT)
		answer('m', "", 0);
	else if (code != 0)
		answer('b', words, strlen(words));
	else
		answer('c', content, have);
	gzclose(file);
}

/* The library's two decoders differ on frames that break the format: the one for a whole file takes blocks of more than 128 KiB and any window,
   the other an empty compressed block. Where they do neither is right. */
static void unzstd(const char *data, uint32_t size)
{
	static void *context;
	static char again[LIMIT + 1];
	struct buffer in = {data, size, 0}, out = {again, LIMIT + 1, 0};
	if (!context && !(context = createDCtx()))
		exit(1);
	reset(context, 1);
	setParameter(context, 100, 31); /* ZSTD_d_windowLogMax, as of zstd --long=31 */
	size_t left = 1, before = -1;
	while (!isError(left) && in.pos + out.pos != before && !(in.pos == size && left == 0)) {
		before = in.pos + out.pos;
		left = decompressStream(context, &out, &in);
	}
	reset(context, 1);
	size_t have = decompressDCtx(context, content, LIMIT + 1, data, size);
	const char *words = getErrorName(have);
	char first = have <= LIMIT ? 'c' : !isError(have) || strcmp(words, "Destination buffer is too small") == 0 ? 'm' : 'b';
	char second = out.pos > LIMIT ? 'm' : left == 0 ? 'c' : 'b';
	if (first != second)
		answer('d', "", 0);
	else if (first == 'b')
		answer('b', words, strlen(words));
	else if (first == 'm')
		answer('m', "", 0);
	else if (have != out.pos || memcmp(content, again, have) != 0)
		exit(1);
	else
		answer('c', content, have);
}

int main(void)
{
	void *z = dlopen("libz.so.1", RTLD_NOW), *zstd = dlopen("libzstd.so.1", RTLD_NOW);
	uint32_t size;
	if (!z || !zstd) {
		putchar('l');
		return 0;
	}
	gzdopen = dlsym(z, "gzdopen");
	gzread = dlsym(z, "gzread");
	gzerror = dlsym(z, "gzerror");
	gzclose = dlsym(z, "gzclose");
	createDCtx = dlsym(zstd, "ZSTD_createDCtx");
	setParameter = dlsym(zstd, "ZSTD_DCtx_setParameter");
	reset = dlsym(zstd, "ZSTD_DCtx_reset");
	decompressStream = dlsym(zstd, "ZSTD_decompressStream");
	decompressDCtx = dlsym(zstd, "ZSTD_decompressDCtx");
	isError = dlsym(zstd, "ZSTD_isError");
	getErrorName = dlsym(zstd, "ZSTD_getErrorName");
	putchar('r');
	fflush(stdout);
	while (fread(&size, 1, 4, stdin) == 4) {
		int format = getchar();
		char *data = malloc(size + 1);
		if (!data || fread(data, 1, size, stdin) != size)
			return 1;
		if (format == 'g')
			gunzip(data, size);
		else
			unzstd(data, size);
		free(data);
	}
	return 0;
}
