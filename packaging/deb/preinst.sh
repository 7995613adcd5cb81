case "$1" in
install | upgrade)
	if ! [ /bin -ef /usr/bin ] || ! [ /sbin -ef /usr/sbin ] || [ /usr/bin -ef /usr/sbin ]; then
		echo "gomod: it needs /bin and /sbin to be links to /usr/bin and /usr/sbin, as in Debian 12 and 13" >&2
		exit 1
	fi
	all_free
	documents divert
	;;
esac
