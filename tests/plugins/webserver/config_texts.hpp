// Configuration files as distributions deliver them and administrators write them.
#pragma once

namespace deadbox::test {

extern const char* const k_debian_site, * const k_debian_main, * const k_redhat_main, * const k_sites, * const k_nginx_main, * const k_nginx_site, * const k_lighttpd, * const k_caddy, * const k_tomcat;

}  // namespace deadbox::test
