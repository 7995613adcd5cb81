// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Has an init but no exit: once loaded it stays. */
#include <linux/module.h>

static int __init gm_noexit_init(void)
{
	return 0;
}
module_init(gm_noexit_init);

MODULE_DESCRIPTION("cannot be removed");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
