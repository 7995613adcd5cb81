// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The file has a dash in its name, the module an underscore: gm_dash. */
#include <linux/module.h>

static int __init gm_dash_init(void)
{
	return 0;
}
module_init(gm_dash_init);

static void __exit gm_dash_exit(void)
{
}
module_exit(gm_dash_exit);

MODULE_DESCRIPTION("gm-dash.ko holds the module gm_dash");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
