// deadbox batch: many machines, each its own case; a broken one fails alone. Local: one machine after the other, each on
// all processors, so that memory stays that of one.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/descriptor.hpp"
#include "base/encoding.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "report/build.hpp"
#include "report/csv.hpp"
#include "report/visible.hpp"
#include "serve/image_files.hpp"

namespace deadbox::cli {
namespace {

namespace fs = std::filesystem;

struct Machine {
    std::string name;
    std::vector<std::string> evidence;
    std::string clock_offset, time_zone, case_number, description;
};

// How one machine's analysis ended.
struct Ended {
    int status = 0;      // as a shell has it
    std::string reason;  // of one that was not done
};

// Stopping the batch stops the analysis that runs, resumably.
volatile sig_atomic_t g_stop_batch = 0, g_running = 0;

void stop_all(int) {
    g_stop_batch = 1;
    if (g_running > 0) ::kill(static_cast<pid_t>(g_running), SIGTERM);
}

// RFC 4180, one record.
std::vector<std::string> csv_fields(std::string_view line) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') fields.back() += c, ++i;
        else if (c == '"') quoted = !quoted;
        else if (c == ',' && !quoted) fields.emplace_back();
        else if (c != '\r') fields.back() += c;
    }
    return fields;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = text.find(separator);
        if (end != 0) parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return parts;
}

void set(Machine& machine, const std::string& key, const std::string& value) {
    if (key == "machine") machine.name = value;
    else if (key == "evidence") machine.evidence = split(value, ';');
    else if (key == "clock_offset") machine.clock_offset = value;
    else if (key == "timezone") machine.time_zone = value;
    else if (key == "case_number") machine.case_number = value;
    else if (key == "description") machine.description = value;
}

// Names become file names: only plain bytes stay.
std::string file_name_of(std::string name) {
    for (char& c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.')) c = '_';
    while (name.starts_with('.')) name.erase(0, 1);
    return name.empty() ? "machine" : name;
}

// Two machines of one name would write one case: the second gets a number that no other name ends in already.
void name_apart(std::vector<Machine>& machines) {
    std::set<std::string> taken, given;
    for (const auto& machine : machines) taken.insert(file_name_of(machine.name));
    for (auto& machine : machines) {
        const auto name = machine.name;
        for (int number = 2; given.contains(file_name_of(machine.name)) || (number > 2 && taken.contains(file_name_of(machine.name))); ++number) machine.name = name + "-" + std::to_string(number);
        given.insert(file_name_of(machine.name));
    }
}

std::string cell(std::string_view text) {
    std::string out;
    report::append_csv_cell(out, text);
    return out;
}

class BatchCommand final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("SOURCE", m_sources, "Images, folders of images, or a manifest (CSV or JSON: machine, evidence, clock_offset, timezone, case_number, description)")->required();
        app.add_option("-o,--output", m_folder, "The folder of the cases and of summary.json and summary.csv")->required();
        app.add_option("--jobs", m_jobs, "Worker processes of each analysis; 0 for one each processor")->check(CLI::Range(0, 60));
        app.add_option("--profile", m_profile, "full or triage")->check(CLI::IsMember({"triage", "full"}))->capture_default_str();
        app.add_option("--engine", m_engine, "local")->check(CLI::IsMember({"local"}))->capture_default_str();
        app.add_flag("--resume", m_resume, "Go on: finished machines are kept");
        app.add_option("--progress", m_progress, "json: on stderr the queue first, then a line for each machine that begins, with the progress of its analysis behind it")->check(CLI::IsMember({"json", "none"}))->capture_default_str();
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(auto machines, all_machines());
        if (machines.empty()) return base::fail(base::Errc::usage, "no images were found");
        std::error_code failed;
        fs::create_directories(m_folder, failed);
        if (failed) return base::fail(base::Errc::usage, "cannot make the folder " + m_folder);
        nlohmann::json summary = nlohmann::json::array();
        bool any_done = false, any_failed = false, any_else = false;  // else: failed for another reason than what was asked
        if (m_progress == "json") {
            nlohmann::json names = nlohmann::json::array();
            for (const auto& machine : machines) names.push_back(base::to_utf8(machine.name));
            std::fputs((nlohmann::json{{"queue", names}}.dump() + "\n").c_str(), stderr);
        }
        struct sigaction action {};
        action.sa_handler = stop_all;
        for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
        for (const auto& machine : machines) {
            if (g_stop_batch != 0) return Exit::interrupted;
            if (m_progress == "json") std::fputs((nlohmann::json{{"machine", base::to_utf8(machine.name)}}.dump() + "\n").c_str(), stderr);
            const auto path = m_folder + "/" + file_name_of(machine.name) + ".deadbox";
            const auto analyzed = analyze(machine, path);
            const int status = analyzed ? analyzed->status : static_cast<int>(Exit::usage);
            if (status == static_cast<int>(Exit::interrupted) && g_stop_batch != 0) return Exit::interrupted;
            auto row = row_of(machine, path, status);
            if (analyzed && !analyzed->reason.empty()) row["reason"] = base::to_utf8(analyzed->reason);
            if (!analyzed) {
                row["reason"] = base::to_utf8(analyzed.error().what);
                complain(context, name_of(analyzed.error().code), machine.name + ": " + analyzed.error().what);
            }
            any_else = any_else || status != static_cast<int>(Exit::usage);
            any_done = any_done || status == 0 || status == 1 || status == 4;
            any_failed = any_failed || status != 0;
            if (!context.json && !context.quiet) print(fmt::format("{:<24} {:<14} exit {}  {}\n", report::visible(machine.name), row["verdict"].is_null() ? "failed" : row["verdict"].get<std::string>(), status, report::visible(path)));
            if (context.json) print(row.dump(-1, ' ', true) + "\n");
            TRY(flush());
            summary.push_back(std::move(row));
            TRY(write_summary(summary));
        }
        return !any_done ? any_else ? Exit::no_evidence : Exit::usage : any_failed ? Exit::gaps : Exit::done;
    }

private:
    base::Result<std::vector<Machine>> all_machines() const {
        std::vector<Machine> machines;
        const auto add = [&](const std::string& image) { machines.push_back({fs::path(image).stem().string(), {image}, "", "", "", ""}); };
        for (const auto& source : m_sources) {
            std::error_code failed;
            if (fs::is_directory(source, failed)) {
                const auto found = serve::images_in(source);
                std::for_each(found.begin(), found.end(), add);
            } else if (source.ends_with(".csv")) {
                std::ifstream in(source);
                std::string line;
                if (!std::getline(in, line)) return base::fail(base::Errc::usage, "the manifest " + source + " cannot be read");
                const auto names = csv_fields(line);
                while (std::getline(in, line)) {
                    if (line.empty() || line == "\r") continue;
                    const auto fields = csv_fields(line);
                    Machine machine;
                    for (std::size_t i = 0; i < std::min(names.size(), fields.size()); ++i) set(machine, names[i], fields[i]);
                    if (machine.name.empty() || machine.evidence.empty()) return base::fail(base::Errc::usage, "a row of " + source + " has no machine or no evidence: " + line);
                    machines.push_back(std::move(machine));
                }
            } else if (source.ends_with(".json")) {
                std::ifstream in(source);
                const auto json = nlohmann::json::parse(in, nullptr, false);
                if (!json.is_array()) return base::fail(base::Errc::usage, "the manifest " + source + " is no JSON array");
                for (const auto& row : json) {
                    Machine machine;
                    if (row.is_object())
                        for (const auto& [key, value] : row.items()) {
                            if (value.is_string()) set(machine, key, value.get<std::string>());
                            else if (value.is_number_integer()) set(machine, key, std::to_string(value.get<std::int64_t>()));
                            else if (key == "evidence" && value.is_array())
                                for (const auto& one : value) machine.evidence.push_back(one.is_string() ? one.get<std::string>() : std::string());
                        }
                    if (machine.name.empty() || machine.evidence.empty()) return base::fail(base::Errc::usage, "a row of " + source + " has no machine or no evidence");
                    machines.push_back(std::move(machine));
                }
            } else {
                add(source);
            }
        }
        name_apart(machines);
        return machines;
    }

    // A process of its own for each machine: whatever happens to it, the others go on.
    base::Result<Ended> analyze(const Machine& machine, const std::string& path) const {
        std::array<char, PATH_MAX> own{};
        if (::readlink("/proc/self/exe", own.data(), own.size() - 1) <= 0) return base::fail_errno("cannot find the program itself", errno);
        const bool exists = fs::exists(path);
        if (exists && !m_resume) return base::fail(base::Errc::usage, "the case " + path + " exists; go on with --resume, or choose another folder");
        std::vector<std::string> command{own.data(), "analyze", "--quiet", "-o", path, "--profile", m_profile, "--jobs", std::to_string(m_jobs)};
        const auto option = [&](const char* name, const std::string& value) {
            if (!value.empty()) command.push_back(std::string(name) + "=" + value);
        };
        if (exists) command.emplace_back("--resume");
        if (m_progress == "json") command.insert(command.end(), {"--progress", "json"});
        option("--clock-offset", machine.clock_offset), option("--timezone", machine.time_zone), option("--case-number", machine.case_number), option("--description", machine.description);
        command.emplace_back("--");
        command.insert(command.end(), machine.evidence.begin(), machine.evidence.end());
        std::vector<char*> arguments;
        for (auto& argument : command) arguments.push_back(argument.data());
        arguments.push_back(nullptr);
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) return base::fail_errno("cannot start an analysis", errno);
        const base::Descriptor told(ends[0]);
        base::Descriptor theirs(ends[1]);
        const pid_t pid = ::fork();
        if (pid < 0) return base::fail_errno("cannot start an analysis", errno);
        if (pid == 0) {
            ::dup2(theirs.get(), STDERR_FILENO);
            ::execv(own.data(), arguments.data());
            ::_exit(127);
        }
        g_running = pid;
        if (g_stop_batch != 0) ::kill(pid, SIGTERM);  // it came between the two lines before
        theirs = {};
        auto said = pass_on(told.get());
        int status = 0;
        while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        g_running = 0;
        if (!WIFEXITED(status)) return Ended{128 + WTERMSIG(status), "the analysis ended by signal " + std::to_string(WTERMSIG(status)) + "; go on with --resume"};
        const bool done = WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 1 || WEXITSTATUS(status) == 4;
        return Ended{WEXITSTATUS(status), done ? std::string() : std::move(said)};
    }

    // What an analysis tells on stderr goes on to ours as it comes; its last complaint, to its end.
    static std::string pass_on(int told) {
        constexpr std::size_t k_longest = 4096;
        constexpr std::string_view k_complaint = "deadbox: ";
        std::string line, last;
        std::array<char, 4096> buffer{};
        for (;;) {
            const ssize_t got = ::read(told, buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return last;
            const std::string_view part(buffer.data(), static_cast<std::size_t>(got));
            std::fwrite(part.data(), 1, part.size(), stderr);
            for (const char c : part) {
                if (c != '\n') {
                    if (line.size() < k_longest) line += c;
                    continue;
                }
                if (line.starts_with(k_complaint)) last = line.substr(k_complaint.size());
                line.clear();
            }
        }
    }

    static nlohmann::json row_of(const Machine& machine, const std::string& path, int status) {
        nlohmann::json row{{"machine", base::to_utf8(machine.name)}, {"case", base::to_utf8(path)}, {"exit", status}, {"verdict", nullptr}, {"findings", nlohmann::json::object()}, {"hostname", nullptr}, {"os", nullptr}, {"reason", nullptr}};
        row["evidence"] = nlohmann::json::array();
        for (const auto& image : machine.evidence) row["evidence"].push_back(base::to_utf8(image));
        const auto view = open_case(path);
        const auto texts = report::Texts::load("en");
        // Of an analysis that did not come to its end the case says nothing yet.
        const bool ended = status == 0 || status == 1 || status == 4;
        if (!view || !texts || !ended) return row;
        const auto model = report::build_report(*view, *texts, {});
        if (!model) return row;
        row["verdict"] = model->verdict.level;
        std::map<std::string, int> counts{{"critical", 0}, {"high", 0}, {"medium", 0}, {"low", 0}, {"info", 0}};
        for (const auto& finding : model->findings)
            if (finding.state != "dismissed") ++counts[std::string(report::name_of(finding.severity))];
        row["findings"] = counts;
        if (!model->systems.empty()) row["hostname"] = base::to_utf8(model->systems.front().hostname), row["os"] = base::to_utf8(model->systems.front().os);
        return row;
    }

    base::Result<void> write_summary(const nlohmann::json& summary) const {
        std::ofstream json(m_folder + "/summary.json");
        json << summary.dump(2, ' ', true) << "\n";
        std::ofstream csv(m_folder + "/summary.csv");
        csv << "machine,verdict,critical,high,medium,low,info,exit,hostname,os,case,reason\r\n";
        for (const auto& row : summary) {
            const auto text = [&](const nlohmann::json& value) { return cell(value.is_string() ? value.get<std::string>() : value.is_null() ? std::string() : value.dump()); };
            csv << text(row["machine"]) << ',' << text(row["verdict"]);
            for (const auto* severity : {"critical", "high", "medium", "low", "info"}) csv << ',' << row["findings"].value(severity, 0);
            csv << ',' << row["exit"] << ',' << text(row["hostname"]) << ',' << text(row["os"]) << ',' << text(row["case"]) << ',' << text(row["reason"]) << "\r\n";
        }
        if (!json.flush() || !csv.flush()) return base::fail(base::Errc::usage, "cannot write the summary into " + m_folder);
        return {};
    }

    std::vector<std::string> m_sources;
    std::string m_folder, m_profile = "full", m_engine = "local", m_progress = "none";
    int m_jobs = 0;
    bool m_resume = false;
};

}  // namespace

std::unique_ptr<Command> make_batch() { return std::make_unique<BatchCommand>(); }

}  // namespace deadbox::cli
