// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Imports the namespace of the symbols it uses. */
#include "gm.h"

static int __init gm_ns_init(void)
{
	return gm_c_spaced(-7) + gm_c_spaced_gpl(0);
}
module_init(gm_ns_init);

static void __exit gm_ns_exit(void)
{
}
module_exit(gm_ns_exit);

MODULE_IMPORT_NS(GM_NAMESPACE);
MODULE_DESCRIPTION("imports the namespace of gm_c");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
