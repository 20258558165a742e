// passwd(5): name:password:uid:gid:gecos:home:shell
#include "plugin/parser.hpp"

#include <array>
#include <charconv>

#include "passwd/passwd_topic.hpp"

namespace deadbox::plugins::passwd {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

class PasswdParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto path = std::string_view(file.record().path);
        const auto source = path.substr(path.rfind('/') + 1);
        return plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t place) {
            if (line.empty() || line.front() == '#') return;
            std::array<std::string_view, 7> field;
            std::size_t count = 0;
            for (auto rest = line; count < field.size(); ++count) {
                const auto colon = rest.find(':');
                field[count] = rest.substr(0, colon);
                if (colon == std::string_view::npos) {
                    ++count;
                    break;
                }
                rest.remove_prefix(colon + 1);
            }
            if (count < field.size()) {
                sink.gap({base::Gap::Level::note, "passwd", "a line has too few fields", std::string(path), "line " + std::to_string(place)});
                if (count < 4) return;
            }
            AccountRow row;
            row.source = source, row.line = static_cast<std::int64_t>(place), row.user = field[0];
            row.uid = number(field[2]), row.gid = number(field[3]);
            row.gecos = field[4], row.home = field[5], row.shell = field[6];
            row.emit(sink);
        });
    }
};

}  // namespace

const plugin::Parser& passwd_parser() {
    static const PasswdParser parser;
    return parser;
}

}  // namespace deadbox::plugins::passwd
