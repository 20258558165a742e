// Requests of the access logs, and which file they ask for.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugin/detector.hpp"

namespace deadbox::plugins::correlation {

struct Request {
    base::Timestamp time;
    std::int64_t system = 0;  // 0: not known
    std::optional<std::int64_t> inode, line, offset;
    std::string address, method, url, site;
    std::string path;  // decoded, without the query
    std::int64_t status = 0;
    bool sends() const { return method == "POST" || method == "PUT"; }
    bool taken() const { return status >= 200 && status < 400; }
};

// Those that are events by themselves, in the seconds [from, to], oldest first.
base::Result<std::vector<Request>> requests_between(const plugin::CaseReader& reader, std::int64_t from, std::int64_t to);
// All of these addresses, oldest first.
base::Result<std::vector<Request>> requests_of(const plugin::CaseReader& reader, const std::set<std::string, std::less<>>& addresses);

// The line, as an item.
base::Result<plugin::Item> item_of(const plugin::CaseReader& reader, const Request& request);

// What of the machine lies where on its sites.
class Sites {
public:
    static base::Result<Sites> load(const plugin::CaseReader& reader);

    // Where a file is asked for: path of the request, and the first name of the site ("": the main server's).
    struct Place {
        std::string path, site;
    };
    std::vector<Place> places_of(std::int64_t system, std::string_view file) const;
    // The folders that sites begin in and that the file lies in.
    std::vector<std::string> roots_of(std::int64_t system, std::string_view file) const;

    // Whether the request went to a site on which the file lies, as far as its log tells.
    base::Result<bool> is_on_site(const plugin::CaseReader& reader, const Request& request, const std::vector<Place>& places);
    // Whether it asks for the file: "/x.php", "/x.php/more".
    base::Result<bool> asks_for(const plugin::CaseReader& reader, const Request& request, const std::vector<Place>& places);

private:
    struct Root {
        std::int64_t system = 0;
        std::string path, url, site;
    };
    // The request's own word, else that of the configuration that names its log; "" where neither tells.
    base::Result<std::string> site_of(const plugin::CaseReader& reader, const Request& request);
    base::Result<std::string> site_of_log(const plugin::CaseReader& reader, std::int64_t inode);
    bool is_known(std::string_view site) const;

    std::vector<Root> m_roots;
    std::map<std::int64_t, std::string> m_site_of_log;
};

}  // namespace deadbox::plugins::correlation
