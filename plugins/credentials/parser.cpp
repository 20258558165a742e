// The first 64 KiB of a file are looked through: keys are smaller than that. Samba's stores, configurations and histories are read on.
#include "plugin/parser.hpp"

#include <algorithm>

#include "credentials/credentials_topic.hpp"
#include "credentials/find.hpp"

namespace deadbox::plugins::credentials {
namespace {

constexpr std::size_t k_value = 256;
constexpr std::size_t k_store = 16 << 20;  // bytes of a store of Samba
constexpr std::size_t k_text = 1 << 20;    // bytes of a configuration or history

class CredentialsParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto& record = file.record();
        if (!is_place(record.path)) return {};
        auto head = base::as_text(file.head());
        std::vector<std::byte> whole;
        if (const auto size = file.bytes().size(); size > head.size() && is_scattered(record.path, head)) {
            auto read = plugin::read_all(file, k_store);
            if (read) whole = *std::move(read), head = base::as_text(whole);
            else sink.gap({base::Gap::Level::limit, "credentials", "of a store of Samba the beginning alone was looked through", record.path, read.error().what});
        } else if (size > head.size() && record.content_type.starts_with("text/") && is_read_on(record.path)) {
            auto read = plugin::read_all(file, k_text);
            if (read) whole = *std::move(read), head = base::as_text(whole);
            else sink.gap({base::Gap::Level::limit, "credentials", "of a long configuration or history the beginning alone was looked through", record.path, read.error().what});
        }
        const auto found = find_in_file(record.path, record.content_type, head, file.bytes().size());
        for (const auto& one : found) {
            CredentialRow row;
            row.kind = one.kind, row.setting = one.setting, row.application = one.application, row.account = one.account, row.protection = one.protection, row.host = one.host, row.database = one.database;
            if (one.line > 0) row.line = one.line;
            if (!one.value.empty()) row.value = std::string_view(one.value).substr(0, k_value);
            row.emit(sink);
        }
        if (found.size() == k_most) sink.gap({base::Gap::Level::limit, "credentials", "more credentials in one file than are listed", record.path, ""});
        return {};
    }
};

}  // namespace

const plugin::Parser& credentials_parser() {
    static const CredentialsParser parser;
    return parser;
}

}  // namespace deadbox::plugins::credentials
