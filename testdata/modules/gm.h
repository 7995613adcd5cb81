/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the test modules export to each other. */
#ifndef GM_H
#define GM_H

#include <linux/module.h>
#include <linux/version.h>

/* EXPORT_SYMBOL_NS and MODULE_IMPORT_NS take an identifier up to 6.12 and a string from 6.13 on. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define GM_NAMESPACE "GM_SPACE"
#else
#define GM_NAMESPACE GM_SPACE
#endif

/* Kernels before 6.11 have no MODULE_WEAKDEP. It is what it would be there. */
#ifndef MODULE_WEAKDEP
#define MODULE_WEAKDEP(_weakdep) MODULE_INFO(weakdep, _weakdep)
#endif

/* gm_c */
int gm_c_plain(int value);
int gm_c_gpl(int value);
int gm_c_spaced(int value);
int gm_c_spaced_gpl(int value);

/* gm_b */
int gm_b_value(int value);

/* Nobody's: gm_missing asks for it. */
int gm_nobody_exports_this(int value);

#endif
