#include "run/side_files.h"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/quote.h"
#include "run/line_file.h"
#include "run/program_path.h"
#include "run/write_end.h"

namespace sz::run {

class FileSet::File final : public SideFile {
 public:
  /// `before` is called before anything is written, if given.
  File(std::string name, LineFile file, std::function<void()> before = {})
      : name_(std::move(name)), file_(std::move(file)), before_(std::move(before)) {}

  void write(std::string_view bytes) override {
    fresh_ = true;
    note(file_.write(bytes));
  }
  void flush() {
    if (std::exchange(fresh_, false) && before_) before_();
    note(file_.flush());
  }
  void close() { note(file_.close()); }
  bool faulty() const { return fault_.has_value(); }
  std::optional<SystemError> take_fault() {
    if (fault_) fault_->message += loss_words(file_.lost());
    return std::exchange(fault_, std::nullopt);
  }

 private:
  void note(int error) {
    if (error == 0 || std::exchange(failed_, true)) return;
    fault_ = SystemError{fmt::format("cannot write {}: {}", quote(name_), write_words(error))};
  }

  std::string name_;
  LineFile file_;
  std::function<void()> before_;
  bool fresh_ = false;  // there is something to write
  bool failed_ = false;
  std::optional<SystemError> fault_;
};

FileSet::FileSet(UsedFiles& used, Drain& drain, int error, std::function<void()> before_error)
    : used_(used),
      drain_(drain),
      error_(std::make_unique<File>("standard error", LineFile(error, drain), std::move(before_error))),
      trees_(used, drain) {}

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
  if (::fstat(fd, &status) != 0) return refuse(errno);
  if (!append && S_ISREG(status.st_mode) && ::ftruncate(fd, 0) != 0) return refuse(errno);
  const bool torn = append && S_ISREG(status.st_mode) && !ends_with_line(fd, AT_FDCWD, path);
  LineFile lines(std::move(file), drain_);
  if (torn) lines.end_torn_line();
  files_.push_back(std::make_unique<File>(path, std::move(lines)));
  return files_.back().get();
}

std::expected<SideTree*, SystemError> FileSet::open_tree(const std::string& directory, bool append,
                                                         std::uint64_t most_files) {
  return trees_.open(directory, append, most_files);
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
  if (auto fault = trees_.take_fault(); fault && !first) first = std::move(fault);
  return first;
}

bool FileSet::broken() const {
  return trees_.broken() || error_->faulty() ||
         std::ranges::any_of(files_, [](const auto& file) { return file->faulty(); });
}

std::optional<SystemError> FileSet::flush() {
  trees_.flush();
  return each(&File::flush);
}

std::optional<SystemError> FileSet::close() {
  trees_.close();
  return each(&File::close);
}

}  // namespace sz::run
