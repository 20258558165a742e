#include "report/questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "plugin/topic.hpp"
#include "report/exposure.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

using enum Source;

constexpr std::size_t k_dismissed_named = 3;  // dismissed findings that a question names

constexpr Source k_entry[] = {auth_logs, accounts, scripts};
constexpr Source k_accounts[] = {accounts};
constexpr Source k_accounts_before[] = {account_backups, auth_logs};
constexpr Source k_binaries[] = {packages, digests};
constexpr Source k_scripts[] = {scripts, web_roots};
constexpr Source k_types[] = {content_types};
constexpr Source k_privilege[] = {accounts, packages, digests};
constexpr Source k_auth[] = {auth_logs};
constexpr Source k_logs[] = {auth_logs, login_records};
constexpr Source k_taken[] = {auth_logs, web_logs};
constexpr Source k_mail[] = {mail_logs};
constexpr Source k_rootkit[] = {packages, digests};

enum class Kind : std::uint8_t {
    evidence,   // as the header says
    never_no,   // absence on the disk proves nothing: yes or cannot_say
    shown,      // likewise, and yes only where a transfer itself is on record: its other findings are named beside cannot_say
    verdict,    // follows from the verdict
};

struct Definition {
    std::string_view id;
    Kind kind;
    std::span<const Source> sources;
    std::span<const Source> compared = {};  // what the sources are held against: one of them is needed, those that are missing are named
};

constexpr Definition k_questions[] = {
    {"compromised", Kind::verdict, {}},
    {"entry", Kind::never_no, k_entry},
    {"accounts", Kind::evidence, k_accounts, k_accounts_before},
    {"binaries", Kind::evidence, k_binaries},
    {"webshells", Kind::evidence, k_scripts},
    {"defacement", Kind::evidence, k_scripts},
    {"stash", Kind::evidence, k_types},
    {"persistence", Kind::evidence, k_accounts},
    {"rootkit", Kind::evidence, k_rootkit},
    {"privilege", Kind::never_no, k_privilege},
    {"logs_tampered", Kind::evidence, k_logs},
    {"mining", Kind::evidence, k_types},
    {"mail_abuse", Kind::evidence, k_mail},
    {"data_taken", Kind::shown, k_taken},
    {"other_hosts", Kind::never_no, k_auth},
    {"restore", Kind::verdict, {}},
};

bool has_rules(std::string_view question) {
    for (const plugin::Topic* topic : plugin::topics())
        for (const auto& rule : topic->rules)
            if (rule.question == question) return true;
    return false;
}

// Questions about what a phase of the story is.
constexpr std::string_view k_phases[] = {"persistence", "privilege"};

bool bears_on(const ReportFinding& f, std::string_view question) {
    const bool asked = f.question == question || (f.phase == question && std::find(std::begin(k_phases), std::end(k_phases), question) != std::end(k_phases));
    return asked && f.severity >= plugin::Severity::medium && f.confidence >= plugin::Confidence::likely;
}

bool answers(const ReportFinding& f, std::string_view question) { return f.state != "dismissed" && bears_on(f, question); }

// A no that rests on the examiner's decisions says so.
void name_dismissed(const std::vector<ReportFinding>& findings, Question& question, Kind kind, const Texts& texts) {
    std::vector<std::string> titles;
    for (const auto& f : findings)
        if (f.state == "dismissed" && !f.fallen && (kind == Kind::verdict ? f.severity >= plugin::Severity::high : bears_on(f, question.id))) titles.push_back(shortened(f.title, k_title));
    if (titles.empty()) return;
    std::string named;
    for (std::size_t i = 0; i < titles.size() && i < k_dismissed_named; ++i) named += (named.empty() ? "" : "; ") + titles[i];
    question.limits.push_back(texts.of("questions.dismissed", {{"count", std::to_string(titles.size())}, {"titles", named + (titles.size() > k_dismissed_named ? " ..." : "")}}));
}

std::string answer_from(VerdictLevel level) {
    return level == VerdictLevel::compromised ? "yes" : level == VerdictLevel::no_indication ? "no" : "cannot_say";
}

void widen(Question& question, const SourceState& source) {
    if (source.from && (!question.from || *source.from < *question.from)) question.from = source.from;
    if (source.to && (!question.to || *source.to > *question.to)) question.to = source.to;
}

void add_once(std::vector<std::string>& ids, const std::string& id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

// Names what the sources were compared with and what was missing of it. Was there anything?
bool compare(Question& question, const Definition& definition, const Examined& examined, const Texts& texts) {
    std::string with;
    for (const Source source : definition.compared) {
        const auto key = "sources." + std::string(name_of(source));
        widen(question, examined[source]);
        if (!examined[source].examined) question.limits.push_back(texts.of(key + ".missing"));
        else with += (with.empty() ? "" : " " + texts.of("list.and") + " ") + texts.of(key + ".compared");
    }
    question.examined = texts.of("questions." + question.id + ".examined", {{"compared", with}});
    return definition.compared.empty() || !with.empty();
}

// What would show that a log was tampered with must be there itself, whole: the logs of logins, and those that the web
// servers are set up to write.
std::vector<std::string> logs_in_doubt(const Exposure& exposure, const Texts& texts) {
    std::vector<std::string> all;
    for (const auto& log : exposure.logs)
        if ((log.id == "auth" || (log.id == "web_access" && log.configured)) && log.state != "present" && log.state != "partly_read")
            all.push_back(texts.of("questions.logs_tampered.doubt", {{"record", log.title}, {"state", texts.of("exposure.state." + log.state + "_text")}}));
    return all;
}

}  // namespace

std::vector<Question> answer_questions(const std::vector<ReportFinding>& findings, const Examined& examined, const Judgement& judgement, const Exposure& exposure, const Texts& texts) {
    std::vector<Question> all;
    for (const auto& definition : k_questions) {
        Question q;
        q.id = definition.id;
        const std::string key = "questions." + q.id;
        q.question = texts.of(key + ".question");
        bool complete = compare(q, definition, examined, texts);
        for (const Source source : definition.sources) {
            widen(q, examined[source]);
            if (examined[source].examined) continue;
            complete = false;
            q.limits.push_back(texts.of("sources." + std::string(name_of(source)) + ".missing"));
        }
        if (definition.kind == Kind::verdict) {
            for (const auto id : judgement.basis) q.findings.emplace_back(id);
            q.answer = answer_from(judgement.level);
        } else {
            for (const auto& f : findings)
                if (answers(f, q.id)) q.findings.push_back(f.id);
            if (q.id == "privilege")
                for (const auto& right : exposure.rights)
                    if (right.uid == 0)
                        for (const auto& id : right.findings)
                            // A transfer with an administrator's account shows files that went out, not rights that were used.
                            if (std::none_of(findings.begin(), findings.end(), [&](const auto& f) { return f.id == id && shows_transfer(f); })) add_once(q.findings, id);
            if (q.id == "logs_tampered")
                for (auto& doubt : logs_in_doubt(exposure, texts)) complete = false, q.limits.push_back(std::move(doubt));
            if (std::find(definition.sources.begin(), definition.sources.end(), digests) != definition.sources.end())
                for (const auto& row : examined.not_compared)
                    complete = false, q.limits.push_back(texts.reason(row.reason) + (row.examples.empty() ? "" : fmt::format(": {}", fmt::join(row.examples, "; "))));
            // What was not to be read may hold what would answer it.
            for (const auto& reason : examined.left_out) complete = false, q.limits.push_back(texts.reason(reason));
            const bool rules = has_rules(q.id);
            if (!rules && q.findings.empty()) q.limits.push_back(texts.of("questions.no_rules"));  // what others found answers it all the same
            if (!rules && q.findings.empty()) q.examined = texts.of("questions.nothing_examined"), q.from = q.to = std::nullopt;
            const bool never_no = definition.kind != Kind::evidence;
            const bool shown = definition.kind != Kind::shown || !exposure.findings.empty();
            // One answer in the whole report: what shows it there shows it here.
            if (definition.kind == Kind::shown)
                for (const auto& id : exposure.findings) add_once(q.findings, id);
            if (never_no) q.limits.push_back(texts.of(key + ".limit"));
            if (!exposure.given.empty() && !shown) q.limits.push_back(texts.of(key + ".given"));
            if (!shown && std::any_of(findings.begin(), findings.end(), [&](const auto& f) { return answers(f, q.id) && shows_transfer(f); })) q.limits.push_back(texts.of(key + ".recorded"));
            q.answer = !q.findings.empty() && shown ? "yes" : never_no || !complete || !rules || !examined.decisive_gaps.empty() ? "cannot_say" : "no";
            if (q.answer == "cannot_say" && q.findings.empty())
                for (const auto& gap : examined.decisive_gaps) q.limits.push_back(texts.reason(gap.reason) + (gap.path.empty() ? "" : ": " + gap.path));
        }
        name_dismissed(findings, q, definition.kind, texts);
        std::sort(q.limits.begin(), q.limits.end());
        q.limits.erase(std::unique(q.limits.begin(), q.limits.end()), q.limits.end());
        all.push_back(std::move(q));
    }
    // That nothing points to a break-in is a no only where whatever would point to one could be answered.
    std::vector<std::string> open;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].answer == "cannot_say" && k_questions[i].kind == Kind::evidence) open.push_back(all[i].question);
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& q = all[i];
        if (q.answer != "no" || k_questions[i].kind != Kind::verdict) continue;
        if (!open.empty()) q.answer = "cannot_say", q.limits.push_back(texts.of("questions.open", {{"questions", fmt::format("{}", fmt::join(open, " "))}}));
        q.limits.push_back(texts.of("questions.nothing_found"));
    }
    return all;
}

}  // namespace deadbox::report
