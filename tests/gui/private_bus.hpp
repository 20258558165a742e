// A D-Bus of the test's own in the place of the system's: set up before anything asks for the system bus.
#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace deadbox::test {

class PrivateBus {
public:
    PrivateBus();  // sets DBUS_SYSTEM_BUS_ADDRESS
    ~PrivateBus();
    QString address() const { return m_address; }  // "" where dbus-daemon does not start

private:
    QTemporaryDir m_folder;
    QProcess m_daemon;
    QString m_address;
};

}  // namespace deadbox::test
