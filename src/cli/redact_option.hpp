// --redact: what is left out of what a command prints. One option everywhere.
#pragma once

#include <string>

#include "report/model.hpp"

namespace CLI {
class App;
}

namespace deadbox::cli {

class RedactOption {
public:
    void add(CLI::App& app);
    report::Redact value() const;

private:
    std::string m_name = "secrets";
};

}  // namespace deadbox::cli
