#include "run/program_path.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/quote.h"
#include "run/descriptor.h"

namespace sz::run {
namespace {

constexpr int not_found = 127, not_runnable = 126;
constexpr std::string_view usual_path = "/usr/local/bin:/usr/bin:/bin";

/// 0 or the errno that says why a file cannot be executed.
int refusal(const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  if (!S_ISREG(status.st_mode)) return EACCES;
  return ::faccessat(AT_FDCWD, file.c_str(), X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

/// The program that a script's first line names, if it is a script.
std::optional<std::string> interpreter(const std::string& file) {
  const Descriptor script(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  std::array<char, 256> head{};
  if (!script) return std::nullopt;
  const ssize_t size = ::read(script.get(), head.data(), head.size());
  std::string_view line(head.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (!line.starts_with("#!")) return std::nullopt;
  line = line.substr(2, line.find('\n') - 2);
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  line.remove_prefix(begin);
  return std::string(line.substr(0, line.find_first_of(" \t\r")));
}

/// A file that somebody forgot to make a program.
std::string way_in(const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  if ((status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0) return {};
  return fmt::format("; chmod +x {}", quote(file));
}

std::expected<std::string, SystemError> checked(const std::string& name, std::string file) {
  if (const int error = refusal(file); error != 0)
    return std::unexpected(SystemError{fmt::format("cannot run {}: {}{}", quote(name), system_words(error),
                                                   error == EACCES ? way_in(file) : ""),
                                       error == ENOENT || error == ENOTDIR ? not_found : not_runnable});
  if (const auto by = interpreter(file); by && refusal(*by) != 0)
    return std::unexpected(SystemError{fmt::format("cannot run {}: its first line names {}: {}", quote(name),
                                                   quote(*by), system_words(refusal(*by))),
                                       not_runnable});
  return file;
}

}  // namespace

std::expected<std::string, SystemError> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return checked(name, name);
  const char* const set = std::getenv("PATH");
  std::string_view path = set != nullptr ? std::string_view(set) : usual_path;
  std::string forbidden;  // found, but not to be run: remembered as shells do
  while (!name.empty()) {
    const std::size_t colon = path.find(':');
    const std::string_view folder = path.substr(0, colon);
    std::string file = folder.empty() ? name : fmt::format("{}/{}", folder, name);
    const int error = refusal(file);
    if (error == 0) return checked(name, std::move(file));
    if (error != ENOENT && error != ENOTDIR && forbidden.empty()) forbidden = std::move(file);
    if (colon == std::string_view::npos) break;
    path.remove_prefix(colon + 1);
  }
  if (!forbidden.empty()) return checked(name, forbidden);
  const bool here = !name.empty() && refusal(name) == 0;
  return std::unexpected(SystemError{
      fmt::format("cannot run {0}: command not found{1}", quote(name),
                  here ? fmt::format("; the one in this directory is ./{}", quote(name)) : std::string()),
      not_found});
}

}  // namespace sz::run
