/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fault.h"
#include "report.h"

int page_withhold(uint8_t **page, size_t size)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register range = {.mode = UFFDIO_REGISTER_MODE_MISSING};
	int fault = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fault < 0)
		return -1;
	must(ioctl(fault, UFFDIO_API, &api), "UFFDIO_API");
	*page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (*page == MAP_FAILED)
		fatal("mmap failed");
	range.range.start = (unsigned long)*page;
	range.range.len = size;
	must(ioctl(fault, UFFDIO_REGISTER, &range), "UFFDIO_REGISTER");
	return fault;
}

void page_supply(int fault, uint8_t *page, size_t size)
{
	struct uffdio_zeropage zero = {.range = {.start = (unsigned long)page, .len = size}};

	must(ioctl(fault, UFFDIO_ZEROPAGE, &zero), "UFFDIO_ZEROPAGE");
}
