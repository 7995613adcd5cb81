// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Soft and weak dependencies, on two lines each; one name has a dash and one is nobody's. */
#include "gm.h"

static int __init gm_softdep_init(void)
{
	return 0;
}
module_init(gm_softdep_init);

static void __exit gm_softdep_exit(void)
{
}
module_exit(gm_softdep_exit);

MODULE_SOFTDEP("pre: gm-dash gm_b post: gm_text");
MODULE_SOFTDEP("pre: gm_not_there post: gm_alias");
MODULE_WEAKDEP("gm_params");
MODULE_WEAKDEP("gm_device gm_not_there");
MODULE_DESCRIPTION("soft and weak dependencies");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
