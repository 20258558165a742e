#include "report/format.hpp"
namespace deadbox::report {
base::Result<void> write_html(const FormatInput&, OutputFile&) { return {}; }
}
