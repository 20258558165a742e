#include "plugins/webserver/config_texts.hpp"

namespace deadbox::test {

const char* const k_debian_site = R"(<VirtualHost *:80>
	# The ServerName directive sets the request scheme
	#ServerName www.example.com

	ServerAdmin webmaster@localhost
	DocumentRoot /var/www/html

	ErrorLog ${APACHE_LOG_DIR}/error.log
	CustomLog ${APACHE_LOG_DIR}/access.log combined
	#Include conf-available/serve-cgi-bin.conf
</VirtualHost>
)";
const char* const k_debian_main = R"(DefaultRuntimeDir ${APACHE_RUN_DIR}
ErrorLog ${APACHE_LOG_DIR}/error.log
IncludeOptional mods-enabled/*.load
Include ports.conf
<Directory /var/www/>
	Options Indexes FollowSymLinks
	Require all granted
</Directory>
LogFormat "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" combined
IncludeOptional sites-enabled/*.conf
)";
const char* const k_redhat_main = R"(ServerRoot "/etc/httpd"
Include conf.modules.d/*.conf
DocumentRoot "/var/www/html"
ErrorLog "logs/error_log"
<IfModule log_config_module>
    LogFormat "%h %l %u %t \"%r\" %>s %b" common
    CustomLog "logs/access_log" combined
</IfModule>
<IfModule alias_module>
    ScriptAlias /cgi-bin/ "/var/www/cgi-bin/"
</IfModule>
)";
const char* const k_sites = R"(Define docroot /srv/shop
<VirtualHost 192.0.2.7:443>
    DocumentRoot ${docroot}/web/
    ServerName https://shop.example.org:443
    ServerAlias www.shop.example.org
    Alias "/media" "/srv/shop/media files"
    CustomLog "|/usr/bin/rotatelogs -l /srv/shop/log/access.%Y-%m-%d.log 86400" \
        combined
</VirtualHost>
<VirtualHost *:80>
    ServerAlias blog.example.org
    VirtualDocumentRoot /var/www/%0/html
    CustomLog ${ELSEWHERE}/a.log combined
</VirtualHost>
UserDir public_html
UserDir disabled root
Include /opt/sites/*.conf
)";
const char* const k_nginx_main = R"(user www-data;
events { worker_connections 768; }
http {
	log_format main '$remote_addr - $remote_user [$time_local] "$request" '
	                '$status $body_bytes_sent';
	access_log /var/log/nginx/access.log;
	error_log /var/log/nginx/error.log;
	include /etc/nginx/conf.d/*.conf;
	include /etc/nginx/sites-enabled/*;
}
)";
const char* const k_nginx_site = R"(server {
	listen 80 default_server;
	root /var/www/html;
	index index.html index.htm;
	server_name _;
	location / { try_files $uri $uri/ =404; }
}
server {
    server_name shop.example.org www.shop.example.org;
    root "/srv/shop/web";   # the shop
    access_log /srv/shop/log/access.log main buffer=16k;
    location ~ \.php$ { fastcgi_pass unix:/run/php/php-fpm.sock; }
    location /media/ { alias /srv/media/; }
    location ~* "^/u/([a-z]{2,8})/(.*)$" { alias /home/$1/public/$2; }
}
server { server_name a.example.org; root html; access_log off; error_log stderr; }
server { server_name ~^(?<name>.+)\.example\.net$; root /var/www/$name/htdocs; access_log /var/log/nginx/$name.log; }
)";
const char* const k_lighttpd = R"(server.modules = ( "mod_access", "mod_alias" )
var.log_root = "/var/log/lighttpd"
server.document-root        = "/var/www/html"
server.errorlog             = log_root + "/error.log"
alias.url += ( "/cgi-bin/" => "/usr/lib/cgi-bin/",
               "/doc/" => "/usr/share/doc/" )
$HTTP["host"] == "shop.example.org" {
    server.document-root = "/srv/shop"
    accesslog.filename = var.log_root + "/shop.log"
}
)";
const char* const k_caddy = R"({
	email admin@example.org
}
:80 {
	root * /usr/share/caddy
	file_server
}
https://shop.example.org, www.shop.example.org {
	root * /srv/shop
	log {
		output file /var/log/caddy/shop.log {
			roll_size 10mb
		}
	}
	php_fastcgi unix//run/php/php-fpm.sock
}
{$DOMAIN} {
	root * {$ROOT}
}
import sites/*.caddy
)";
const char* const k_tomcat = R"(<?xml version="1.0"?>
<Server port="-1"><Service name="Catalina">
<!-- <Host name="gone" appBase="old"> -->
<Engine name="Catalina" defaultHost="localhost">
  <Host name="localhost"  appBase="webapps"
        unpackWARs="true" autoDeploy="true">
    <Context path="/shop" docBase="/srv/shop"/>
    <Valve className="org.apache.catalina.valves.AccessLogValve" directory="logs"
           prefix="localhost_access_log" suffix=".txt"
           pattern="%h %l %u %t &quot;%r&quot; %s %b" />
  </Host>
</Engine></Service></Server>
)";

}  // namespace deadbox::test
