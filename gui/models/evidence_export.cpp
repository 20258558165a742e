#include "gui/models/evidence_export.hpp"

#include <QProcess>

#include "gui/models/analysis_run.hpp"
#include "gui/models/case_session.hpp"

namespace deadbox::gui {

EvidenceExport::~EvidenceExport() {
    if (m_process) m_process->disconnect(this);
}

void EvidenceExport::start(const CaseSession& session, const QString& folder, const QStringList& what) {
    if (m_process) return;
    m_process = new QProcess(this);
    const auto end = [this, folder](bool well, const QString& words) {
        m_process->deleteLater();
        m_process = nullptr;
        Q_EMIT finished(well, folder, words);
    };
    connect(m_process, &QProcess::errorOccurred, this, [this, end](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) end(false, tr("%1 cannot be started: %2").arg(AnalysisRun::program(), m_process->errorString()));
    });
    connect(m_process, &QProcess::finished, this, [this, end](int status, QProcess::ExitStatus how) {
        end(how == QProcess::NormalExit && status == 0, QString::fromUtf8(m_process->readAllStandardError()).trimmed());
    });
    m_process->start(AnalysisRun::program(), QStringList{QStringLiteral("extract"), QStringLiteral("--quiet"), session.path(), QStringLiteral("-o"), folder} + session.evidence_arguments() + what);
}

}  // namespace deadbox::gui
