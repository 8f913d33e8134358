#include "run/side_files.h"

#include <cerrno>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/quote.h"
#include "run/program_path.h"
#include "run/write_end.h"

namespace sz::run {
namespace {
constexpr std::size_t buffer_size = std::size_t{64} << 10;
}

class FileSet::File final : public SideFile {
 public:
  /// `owned` is empty for stderr.
  File(std::string name, int fd, Descriptor owned, Drain& drain)
      : name_(std::move(name)), owned_(std::move(owned)), end_(fd), drain_(drain) {}

  void write(std::string_view bytes) override {
    buffer_ += bytes;
    if (buffer_.size() >= buffer_size) flush();
  }

  void flush() {
    if (!buffer_.empty() && !failed_) note(end_.write_all(buffer_, drain_));
    buffer_.clear();
  }

  void close() {
    flush();
    note(end_.close());
    note(owned_.close());
  }

  std::optional<SystemError> take_fault() { return std::exchange(fault_, std::nullopt); }

 private:
  void note(int error) {
    if (error == 0 || failed_) return;
    failed_ = true;
    fault_ = SystemError{fmt::format("cannot write {}: {}", quote(name_), write_words(error))};
  }

  std::string name_;
  Descriptor owned_;
  WriteEnd end_;
  Drain& drain_;
  std::string buffer_;
  bool failed_ = false;
  std::optional<SystemError> fault_;
};

FileSet::FileSet(UsedFiles& used, Drain& drain, int error)
    : used_(used),
      drain_(drain),
      error_(std::make_unique<File>("standard error", error, Descriptor(), drain)) {}

FileSet::~FileSet() { close(); }

std::expected<SideFile*, SystemError> FileSet::open(const std::string& path, bool append) {
  const auto refuse = [&](int error) {
    return std::unexpected(SystemError{fmt::format("cannot write {}: {}", quote(path), system_words(error))});
  };
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (append ? O_APPEND : 0);
  int fd;
  do fd = ::open(path.c_str(), flags, 0666);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return refuse(errno);
  Descriptor file(fd);
  if (auto same = used_.claim(fd, path)) return std::unexpected(*std::move(same));
  struct stat status{};
  // Not O_TRUNC: the file must be known not to be used first.
  if (!append && ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && ::ftruncate(fd, 0) != 0)
    return refuse(errno);
  files_.push_back(std::make_unique<File>(path, fd, std::move(file), drain_));
  return files_.back().get();
}

SideFile* FileSet::standard_error() { return error_.get(); }

std::expected<std::string, SystemError> FileSet::find_program(const std::string& name) {
  return run::find_program(name);
}

std::optional<SystemError> FileSet::each(void (File::*bring_out)()) {
  std::optional<SystemError> first;
  const auto take = [&](File& file) {
    (file.*bring_out)();
    if (auto fault = file.take_fault(); fault && !first) first = std::move(fault);
  };
  for (const auto& file : files_) take(*file);
  take(*error_);
  return first;
}

std::optional<SystemError> FileSet::flush() { return each(&File::flush); }
std::optional<SystemError> FileSet::close() { return each(&File::close); }

}  // namespace sz::run
