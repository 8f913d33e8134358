#include "run/progress.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/descriptor.h"
#include "run/terminal.h"

namespace sz::run {
namespace {

constexpr Duration first{1'000'000'000}, between{200'000'000};
constexpr double weight = 0.3;  // of the newest interval in a rate
constexpr std::size_t narrowest = 10, widest = 120;

double seconds(Duration d) { return static_cast<double>(d.ns) / 1e9; }

/// Three digits and a unit of thousands: `950`, `1.23k`, `45.6M`.
std::string short_number(double n) {
  constexpr std::array<std::string_view, 6> units = {"", "k", "M", "G", "T", "P"};
  std::size_t i = 0;
  for (; n >= 999.5 && i + 1 < units.size(); ++i) n /= 1000;
  if (i == 0) return fmt::format("{:.0f}", n);
  return fmt::format("{:.{}f}{}", n, n < 9.995 ? 2 : n < 99.95 ? 1 : 0, units[i]);
}

}  // namespace

Progress::Progress(int fd, Time start, std::optional<std::uint64_t> all)
    : fd_(fd), start_(start), due_(start + first), all_(all), last_(start) {}

std::string Progress::line(Time now, const State& state, std::size_t width) {
  const double span = seconds(now - last_);
  if (span > 0) {
    const double share = last_ == start_ ? 1 : weight;
    const auto move = [&](double& rate, std::uint64_t to, std::uint64_t from) {
      rate += share * (static_cast<double>(to - from) / span - rate);
    };
    move(records_rate_, state.records, before_.records);
    move(bytes_rate_, state.bytes, before_.bytes);
    last_ = now;
    before_ = state;
  }
  std::string text = fmt::format(
      "{} records, {}B, {}/s, {}B/s", short_number(static_cast<double>(state.records)),
      short_number(static_cast<double>(state.bytes)), short_number(records_rate_), short_number(bytes_rate_));
  if (all_ && *all_ != 0)
    text += fmt::format(
        ", {:.0f}%", std::min(100.0, 100.0 * static_cast<double>(state.bytes) / static_cast<double>(*all_)));
  if (state.failed != 0) text += fmt::format(", {} failed", state.failed);
  text.resize(std::min(text.size(), width));
  return text;
}

void Progress::draw(Time now, const State& state) {
  due_ = now + between;
  const pid_t front = ::tcgetpgrp(fd_);
  if (front > 0 && front != ::getpgrp()) return;  // in the background
  const std::size_t width = text_width(fd_, narrowest, widest);
  const std::string text = fmt::format("\r{}\x1b[K", line(now, state, width - 1));
  const std::lock_guard lock(mutex_);
  write_all(fd_, text);
  drawn_ = true;
}

void Progress::erase() {
  const std::lock_guard lock(mutex_);
  if (!drawn_) return;
  drawn_ = false;
  write_all(fd_, "\r\x1b[K");
}

std::optional<std::uint64_t> total_size(const std::vector<std::string>& inputs) {
  std::uint64_t all = 0;
  for (const std::string& input : inputs) {
    struct stat status{};
    if ((input == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(input.c_str(), &status)) != 0 ||
        !S_ISREG(status.st_mode))
      return std::nullopt;
    all += static_cast<std::uint64_t>(status.st_size);
    if (const off_t read = input == "-" ? ::lseek(STDIN_FILENO, 0, SEEK_CUR) : 0; read > 0)
      all -= std::min<std::uint64_t>(all, static_cast<std::uint64_t>(read));
  }
  return all;
}

}  // namespace sz::run
