// Lines of words: what stands behind the word that says so.
//   NAME ... password VALUE        fetchmail, haproxy, Cisco-like:  user a insecure-password x
//   SetEnv NAME VALUE              apache; proxy_set_header X-Api-Key "VALUE" of nginx
//   stats auth USER:VALUE          haproxy
//   user NAME on >VALUE            Redis's access lists; #HASH
//   rocommunity VALUE, createUser NAME SHA VALUE AES VALUE    snmpd
//   chpasswd: list: | USER:VALUE   cloud-init
//   SQLConnectInfo DATABASE@HOST USER VALUE    proftpd; AuthInfo:HOST "P:VALUE" of sendmail; NAME Cleartext-Password := "VALUE" of FreeRADIUS
#pragma once

#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {

std::vector<Credential> find_directives(std::string_view path, std::string_view text);

}  // namespace deadbox::plugins::credentials
