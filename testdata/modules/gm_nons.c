// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Uses a namespaced symbol without importing the namespace: the kernel refuses it. */
#include "gm.h"

static int __init gm_nons_init(void)
{
	return gm_c_spaced(-3);
}
module_init(gm_nons_init);

static void __exit gm_nons_exit(void)
{
}
module_exit(gm_nons_exit);

MODULE_DESCRIPTION("does not import the namespace of gm_c");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
