# The tools are given back before dpkg removes gomod: nothing finds a link that leads nowhere.
case "$1" in
remove)
	give_back
	;;
esac
