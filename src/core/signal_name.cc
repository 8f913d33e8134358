#include "core/signal_name.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <signal.h>

namespace sz {
namespace {

constexpr std::pair<int, const char*> names[] = {
    {SIGABRT, "ABRT"},     {SIGALRM, "ALRM"}, {SIGBUS, "BUS"},   {SIGCHLD, "CHLD"},   {SIGCONT, "CONT"},
    {SIGFPE, "FPE"},       {SIGHUP, "HUP"},   {SIGILL, "ILL"},   {SIGINT, "INT"},     {SIGKILL, "KILL"},
    {SIGPIPE, "PIPE"},     {SIGPROF, "PROF"}, {SIGQUIT, "QUIT"}, {SIGSEGV, "SEGV"},   {SIGSTOP, "STOP"},
    {SIGSYS, "SYS"},       {SIGTERM, "TERM"}, {SIGTRAP, "TRAP"}, {SIGTSTP, "TSTP"},   {SIGTTIN, "TTIN"},
    {SIGTTOU, "TTOU"},     {SIGURG, "URG"},   {SIGUSR1, "USR1"}, {SIGUSR2, "USR2"},   {SIGVTALRM, "VTALRM"},
    {SIGXCPU, "XCPU"},     {SIGXFSZ, "XFSZ"}, {SIGIO, "IO"},     {SIGWINCH, "WINCH"},
#ifdef SIGPWR
    {SIGPWR, "PWR"},
#endif
#ifdef SIGSTKFLT
    {SIGSTKFLT, "STKFLT"},
#endif
};

}  // namespace

std::string signal_name(int number) {
  const auto* const found =
      std::ranges::find(std::begin(names), std::end(names), number, &std::pair<int, const char*>::first);
  return found != std::end(names) ? fmt::format("SIG{}", found->second) : fmt::format("signal {}", number);
}

}  // namespace sz
