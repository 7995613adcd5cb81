// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The end of the chain gm_a -> gm_b -> gm_c: exports a symbol of each kind. */
#include "gm.h"

int gm_c_plain(int value)
{
	return value + 1;
}
EXPORT_SYMBOL(gm_c_plain);

int gm_c_gpl(int value)
{
	return value + 2;
}
EXPORT_SYMBOL_GPL(gm_c_gpl);

int gm_c_spaced(int value)
{
	return value + 3;
}
EXPORT_SYMBOL_NS(gm_c_spaced, GM_NAMESPACE);

int gm_c_spaced_gpl(int value)
{
	return value + 4;
}
EXPORT_SYMBOL_NS_GPL(gm_c_spaced_gpl, GM_NAMESPACE);

static int __init gm_c_init(void)
{
	return 0;
}
module_init(gm_c_init);

static void __exit gm_c_exit(void)
{
}
module_exit(gm_c_exit);

MODULE_DESCRIPTION("exports plain, GPL-only and namespaced symbols");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
