#include "content/elf.hpp"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include "support/test_main.hpp"

using namespace deadbox;

namespace {

std::vector<std::byte> bytes_of(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) throw std::runtime_error("cannot open " + path.toStdString());
    const auto all = file.readAll();
    const auto view = base::as_bytes(std::string_view(all.constData(), static_cast<std::size_t>(all.size())));
    return {view.begin(), view.end()};
}

content::Elf elf_of(std::vector<std::byte> bytes) {
    auto elf = content::read_elf(base::MemorySource(std::move(bytes)));
    if (!elf) throw std::runtime_error(elf.error().what);
    return *std::move(elf);
}

bool has(const content::Elf& elf, content::ElfProblem problem) { return std::find(elf.problems.begin(), elf.problems.end(), problem) != elf.problems.end(); }

}  // namespace

// Over files that the C compiler makes here.
class ElfTest : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::vector<std::byte> make(const QStringList& options) {
        const auto source = m_folder.filePath("p.c"), out = m_folder.filePath("p");
        QFile file(source);
        if (!file.open(QIODevice::WriteOnly)) throw std::runtime_error("no source");
        file.write("int f(int x) { return x + 1; }\nint main(void) { return f(41) - 42; }\n");
        file.close();
        QFile::remove(out);
        if (QProcess::execute("cc", QStringList(options) << "-o" << out << source) != 0) throw std::runtime_error("cc failed");
        return bytes_of(out);
    }

private slots:
    void program() {
        const auto bytes = make({"-O1", "-Wl,--build-id=sha1"});
        const auto elf = elf_of(bytes);
        QVERIFY(elf.problems.empty());
        QVERIFY(elf.wide && elf.is_program() && elf.position_independent && !elf.is_static() && elf.has_symbols && elf.loads());
        QVERIFY(QByteArray::fromStdString(elf.interpreter).contains("ld-linux"));
        QCOMPARE(elf.needed.back(), std::string("libc.so.6"));
        QCOMPARE(elf.build_id.size(), std::size_t{20});
        QVERIFY(elf.comment.find("GCC") != std::string::npos);
        QCOMPARE(elf.trailing, std::uint64_t{0});
        QVERIFY(elf.symbols > 10);
    }
    void fixed_static_stripped() {
        const auto elf = elf_of(make({"-O1", "-no-pie", "-static", "-s"}));
        QVERIFY(elf.type == content::Elf::Type::executable && elf.is_static() && !elf.has_symbols && elf.problems.empty());
    }
    void library() {
        const auto elf = elf_of(make({"-shared", "-fPIC", "-Wl,-soname,libp.so.3", "-Wl,-rpath,/opt/p", "-Wl,--disable-new-dtags"}));
        QVERIFY(elf.type == content::Elf::Type::shared && !elf.is_program() && elf.problems.empty());
        QCOMPARE(elf.soname, std::string("libp.so.3"));
        QCOMPARE(elf.rpath, std::string("/opt/p"));
    }
    void relocatable() {
        const auto elf = elf_of(make({"-c"}));
        QVERIFY(elf.type == content::Elf::Type::relocatable && elf.problems.empty());
    }
    // Every length short of the whole is noticed while something that is loaded is missing.
    void cut() {
        const auto bytes = make({"-O1", "-s"});
        for (std::size_t length = 4; length < bytes.size(); length += 97) {
            const auto elf = elf_of({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)});
            QVERIFY2(!elf.problems.empty(), QByteArray::number(qulonglong(length)).constData());
            if (length < bytes.size() / 2) QVERIFY2(!elf.loads(), QByteArray::number(qulonglong(length)).constData());
        }
    }
    void damaged() {
        auto bytes = make({"-O1"});
        auto wrong = bytes;
        wrong[4] = std::byte{7};
        QVERIFY(has(elf_of(wrong), content::ElfProblem::bad_class));
        wrong = bytes, wrong[16] = std::byte{9};
        QVERIFY(has(elf_of(wrong), content::ElfProblem::bad_type));
        wrong = bytes, wrong[54] = std::byte{1};
        QVERIFY(has(elf_of(wrong), content::ElfProblem::program_headers_lost));
        wrong = bytes, wrong.resize(bytes.size() + 5000, std::byte{1});
        QCOMPARE(elf_of(wrong).trailing, std::uint64_t{5000});
        QVERIFY(elf_of(wrong).loads());
        const auto elf = elf_of(bytes);
        wrong = bytes;
        for (std::size_t i = 0; i < 16; ++i) wrong[elf.entry + i] = std::byte{0};  // a program as ld makes it: code lies where it is loaded
        QVERIFY(has(elf_of(wrong), content::ElfProblem::entry_blank));
    }
    void big_endian() {
        std::string bytes("\x7f" "ELF\x01\x02\x01", 7);
        bytes.resize(52 + 32, '\0');
        const auto put = [&](std::size_t at, std::uint32_t value, std::size_t width) {
            for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<char>(value >> (8 * (width - 1 - i)));
        };
        put(16, 2, 2), put(18, 8, 2), put(24, 0x10010, 4), put(28, 52, 4), put(42, 32, 2), put(44, 1, 2);
        put(52, 1, 4), put(56, 0, 4), put(60, 0x10000, 4), put(68, 84, 4), put(72, 84, 4), put(76, 5, 4);
        const auto view = base::as_bytes(bytes);
        const auto elf = elf_of({view.begin(), view.end()});
        QVERIFY(elf.big_endian && !elf.wide && elf.machine == 8 && elf.loads() && elf.is_static());
    }
    void hostile() {
        const auto bytes = make({"-O1"});
        std::uint32_t state = 3;
        const auto random = [&] { return state = state * 1664525 + 1013904223, state >> 8; };
        for (int round = 0; round < 20000; ++round) {
            auto wrong = bytes;
            if (round % 3 == 0) wrong.resize(4 + random() % wrong.size());
            for (int i = 0; i < 1 + round % 5; ++i) wrong[4 + random() % (std::min<std::size_t>(wrong.size(), round % 2 == 0 ? 1024 : wrong.size()) - 4)] = static_cast<std::byte>(random());
            elf_of(std::move(wrong));
        }
        QVERIFY(!content::read_elf(base::MemorySource({})));
    }
};
DEADBOX_TEST(ElfTest)
#include "elf_test.moc"
