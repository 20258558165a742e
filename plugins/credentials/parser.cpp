// The first 64 KiB of a file are looked through: keys are smaller than that. Samba's stores and configurations are read on, histories to their end.
#include "plugin/parser.hpp"

#include <algorithm>

#include "credentials/credentials_topic.hpp"
#include "credentials/find.hpp"
#include "credentials/history.hpp"
#include "credentials/key_lines.hpp"

namespace deadbox::plugins::credentials {
namespace {

constexpr std::size_t k_value = 256;
constexpr std::size_t k_store = 16 << 20;   // bytes of a store of Samba
constexpr std::size_t k_text = 1 << 20;     // bytes of a configuration
constexpr std::size_t k_piece = 64 * 1024;  // of a history, at least

template <class Found>
void emit(const Found& found, plugin::Sink& sink) {
    for (const auto& one : found) {
        CredentialRow row;
        row.kind = one.kind, row.setting = one.setting, row.application = one.application, row.account = one.account, row.protection = one.protection, row.host = one.host, row.database = one.database;
        if (one.line > 0) row.line = one.line;
        if (!one.value.empty()) row.value = std::string_view(one.value).substr(0, k_value);
        row.emit(sink);
    }
}
void say_cut(std::string_view what, std::string_view path, plugin::Sink& sink) { sink.gap({base::Gap::Level::limit, "credentials", std::string(what), std::string(path), ""}); }

base::Result<void> read_history(const plugin::File& file, plugin::Sink& sink) {
    History history(file.record().path, file.record().content_type);
    KeyLines keys;
    std::string piece;
    std::uint64_t first = 1;
    std::size_t parts = 0;
    const auto read = plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t number) {
        if (const auto part = keys.follow(line); !part.empty() && parts < k_most) {
            KeyLineRow row;
            row.line = static_cast<std::int64_t>(number), row.value = part;
            row.emit(sink);
            ++parts;
        }
        if (piece.empty()) first = number;
        piece.append(line) += '\n';
        if (piece.size() >= k_piece) history.read(piece, static_cast<std::int64_t>(first)), piece.clear();
    });
    if (!piece.empty()) history.read(piece, static_cast<std::int64_t>(first));
    emit(history.found(), sink);
    if (history.is_cut()) say_cut("more credentials in one history than are listed: the newest are", file.record().path, sink);
    return read;
}

class CredentialsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto& record = file.record();
        if (!is_place(record.path)) return {};
        const bool text = record.content_type.starts_with("text/");
        if (text && is_history(record.path)) return read_history(file, sink);
        auto head = base::as_text(file.head());
        std::vector<std::byte> whole;
        if (const auto size = file.bytes().size(); size > head.size() && is_scattered(record.path, head)) {
            auto read = plugin::read_all(file, k_store);
            if (read) whole = *std::move(read), head = base::as_text(whole);
            else sink.gap({base::Gap::Level::limit, "credentials", "of a store of Samba the beginning alone was looked through", record.path, read.error().what});
        } else if (size > head.size() && text && is_read_on(record.path)) {
            TRY_ASSIGN(whole, base::read_bytes(file.bytes(), 0, static_cast<std::size_t>(std::min<std::uint64_t>(size, k_text))));
            head = base::as_text(whole);
            if (size > k_text) say_cut("of a long configuration the beginning alone was looked through", record.path, sink);
        }
        const auto found = find_in_file(record.path, record.content_type, head, file.bytes().size());
        emit(found, sink);
        if (found.size() == k_most) say_cut("more credentials in one file than are listed", record.path, sink);
        return {};
    }
};

}  // namespace

const plugin::Parser& credentials_parser() {
    static const CredentialsParser parser;
    return parser;
}

}  // namespace deadbox::plugins::credentials
