// console PROGRAM ARGS...: runs a program with a console of its own and this process's standard streams. Wine gives a console only to
// who has a terminal, and PowerShell's host wants one; on Windows every program started from a shell has it.
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0A00
#define NTDDI_VERSION 0x0A000006
#include <windows.h>
#include <stdio.h>

static DWORD WINAPI drain(void *pipe) {
  char bytes[4096];
  DWORD count;
  while (ReadFile(pipe, bytes, sizeof bytes, &count, NULL) && count) { }
  return 0;
}

static const wchar_t *after_first_word(const wchar_t *line) {
  int quoted = 0;
  for (; *line && (quoted || (*line != ' ' && *line != '\t')); line++) if (*line == '"') quoted = !quoted;
  while (*line == ' ' || *line == '\t') line++;
  return line;
}

static HANDLE inherited(DWORD which) {
  HANDLE handle = GetStdHandle(which);
  if (handle && handle != INVALID_HANDLE_VALUE) SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  return handle;
}

static int fail(const char *what) {
  fprintf(stderr, "console: %s: error %lu\n", what, GetLastError());
  return 125;
}

int wmain(void) {
  HANDLE in_read, in_write, out_read, out_write;
  HPCON console;
  SIZE_T size = 0;
  STARTUPINFOEXW info = { .StartupInfo = { .cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES } };
  PROCESS_INFORMATION process;
  DWORD code = 125;
  if (!CreatePipe(&in_read, &in_write, NULL, 0) || !CreatePipe(&out_read, &out_write, NULL, 0)) return fail("CreatePipe");
  if (FAILED(CreatePseudoConsole((COORD){ 120, 40 }, in_read, out_write, 0, &console))) return fail("CreatePseudoConsole");
  CreateThread(NULL, 0, drain, out_read, 0, NULL);
  InitializeProcThreadAttributeList(NULL, 1, 0, &size);
  info.lpAttributeList = HeapAlloc(GetProcessHeap(), 0, size);
  if (!InitializeProcThreadAttributeList(info.lpAttributeList, 1, 0, &size)) return fail("InitializeProcThreadAttributeList");
  if (!UpdateProcThreadAttribute(info.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, console, sizeof console, NULL, NULL))
    return fail("UpdateProcThreadAttribute");
  info.StartupInfo.hStdInput = inherited(STD_INPUT_HANDLE);
  info.StartupInfo.hStdOutput = inherited(STD_OUTPUT_HANDLE);
  info.StartupInfo.hStdError = inherited(STD_ERROR_HANDLE);
  if (!CreateProcessW(NULL, (wchar_t *)after_first_word(GetCommandLineW()), NULL, NULL, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
                      &info.StartupInfo, &process)) return fail("CreateProcess");
  WaitForSingleObject(process.hProcess, INFINITE);
  GetExitCodeProcess(process.hProcess, &code);
  ClosePseudoConsole(console);
  ExitProcess(code);
}
