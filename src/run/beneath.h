#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "run/descriptor.h"

namespace sz::run {

/// How open_beneath() finds its way: the kernel's openat2(2) in one call (Linux 5.6), or by steps, one
/// openat(2) with O_NOFOLLOW a name. The kernel's way falls back to steps where there is no such call.
enum class Beneath : std::uint8_t { kernel, steps };

/// Opens `name` below the directory `directory` (of open_directory()) for writing, and for
/// appending. No symbolic link is followed, neither at its end nor on the way, and no FIFO waited for. `name`
/// is names parted by '/', none of them empty, "." or "..". What is missing is made, directories too, with
/// the modes that umask(2) leaves. The error is an errno: ELOOP or ENOTDIR for a link, for one.
std::expected<Descriptor, int> open_beneath(int directory, const std::string& name,
                                            Beneath way = Beneath::kernel);

}  // namespace sz::run
