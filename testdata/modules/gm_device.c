// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Whoever has /dev/gm_device open holds a reference on the module. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

static const struct file_operations gm_device_fops = {
	.owner = THIS_MODULE,
};

static struct miscdevice gm_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "gm_device",
	.fops = &gm_device_fops,
	.mode = 0600,
};

static int __init gm_device_init(void)
{
	return misc_register(&gm_device);
}
module_init(gm_device_init);

static void __exit gm_device_exit(void)
{
	misc_deregister(&gm_device);
}
module_exit(gm_device_exit);

MODULE_DESCRIPTION("is in use while /dev/gm_device is open");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
