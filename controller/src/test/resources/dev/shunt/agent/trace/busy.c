/* Spends its time in one function of its own, or in the kernel: busy [kernel]. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static volatile unsigned long sink;

__attribute__((noinline)) static void spin_in_here(void)
{
	for (int i = 0; i < 100000; i++)
		sink += i;
}

__attribute__((noinline)) static void read_zeroes(int fd)
{
	static char buffer[1 << 20];

	sink += read(fd, buffer, sizeof(buffer));
}

__attribute__((noinline)) static void caller_of_it(int kernel, int fd)
{
	if (kernel)
		read_zeroes(fd);
	else
		spin_in_here();
	sink++; /* no tail call */
}

int main(int argc, char **argv)
{
	int fd = open("/dev/zero", O_RDONLY);

	(void)argv;
	puts("ready");
	fflush(stdout);
	for (;;)
		caller_of_it(argc > 1, fd);
}
