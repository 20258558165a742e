// The workstation's own block devices, as the kernel shows them in /sys and /proc: what is attached, and whether
// something uses it. Opens no device.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace deadbox::devices {

struct Use {
    std::string device;  // "sda2": the disk itself or one of its partitions, or what is built on it ("dm-0")
    std::string as;      // "mount", "swap" or "holder"
    std::string place;   // the mount point, or the holder's name
    std::string kind;    // of a holder: "md raid1", "lvm", "multipath", "crypt", "bcache" ...; "" where the kernel does not say
    bool writable = false;
};

struct Device {
    std::string name;    // "sda"
    std::string path;    // "/dev/sda"
    std::string model, serial, transport;  // "" where the kernel or udev does not know; transport: usb, ata, nvme, virtio ...
    std::uint64_t size = 0;                // bytes
    std::uint32_t sector = 512;            // logical, bytes
    bool read_only = false, removable = false;
    bool under_rule = false;               // the examination rule (examination_rule.hpp) took this one
    std::uint64_t sectors_written = 0;     // by this workstation since it was attached, of 512 bytes
    std::vector<std::string> partitions;
    std::vector<Use> uses;                 // mounts, swap and holders of the disk, its partitions and what stands on them
    // Something of it can be changed by this workstation right now.
    bool in_use_writable() const;
};

// Disks, by name; neither empty ones (loop devices without a file, card readers without a card) nor RAM disks. `root` is
// "" or a folder that has sys and proc below it.
base::Result<std::vector<Device>> attached(const std::string& root = {});

// The disk or the partition of this number; of a partition its own size, counters and uses, with model and serial number of
// its disk. Nothing where the kernel shows no such device.
std::optional<Device> device_of(dev_t number, const std::string& root = {});

}  // namespace deadbox::devices
