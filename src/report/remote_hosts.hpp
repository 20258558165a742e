// Machines elsewhere that findings lead to: whoever guessed a password, used a webshell or an account that only an intruder
// makes, fetched data or was sent some.
#pragma once

#include <string_view>

#include "case/view.hpp"
#include "report/model.hpp"

namespace deadbox::report {

enum class AddressKind : bool { ipv4, ipv6 };
std::optional<AddressKind> address_kind(const std::string& text);
// A name of the DNS with a dot: no path, no storage's name.
bool is_domain(std::string_view text);

// What findings of medium severity and above name or lead to, dismissed ones left out; ordered by kind and value. A request to
// a webshell leads to its sender only where he used it (plugin::ClientsOfPath): a page that was infected has its ordinary visitors. Who was
// given credentials that lay open is hostile only where another finding says so, who fetched a dump only after somebody had broken in.
base::Result<std::vector<RemoteHost>> remote_hosts(const case_file::View& view, const std::vector<ReportFinding>& findings);

}  // namespace deadbox::report
