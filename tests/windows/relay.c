// A stand-in for a program of the Linux side (git, docker, sh, ...), under whose name it is installed: hands its name, folder, arguments,
// environment and input to helper.py over loopback, and gives back output and exit code. A program of Wine cannot have a Linux program's
// pipes.
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOST = 125 };
static SOCKET server;

static void give(const void *bytes, int count) {
  for (const char *next = bytes; count > 0;) {
    int done = send(server, next, count, 0);
    if (done <= 0) exit(LOST);
    next += done;
    count -= done;
  }
}

static void take(void *bytes, int count) {
  for (char *next = bytes; count > 0;) {
    int done = recv(server, next, count, 0);
    if (done <= 0) exit(LOST);
    next += done;
    count -= done;
  }
}

static void give_number(unsigned number) { give(&number, sizeof number); }

static void give_text(const wchar_t *text) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *bytes = malloc(size);
  WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL);
  give_number(size - 1);
  give(bytes, size - 1);
  free(bytes);
}

static DWORD WINAPI give_input(void *input) {
  char bytes[65536];
  DWORD count;
  if (input && input != INVALID_HANDLE_VALUE && GetFileType(input) != FILE_TYPE_CHAR) {
    while (ReadFile(input, bytes, sizeof bytes, &count, NULL) && count) {
      give_number(count);
      give(bytes, count);
    }
  }
  give_number(0);
  return 0;
}

int wmain(int count, wchar_t **words) {
  WSADATA data;
  wchar_t path[4096], *name, *dot;
  const char *port = getenv("KAMAL_RELAY_PORT");
  struct sockaddr_in address = { .sin_family = AF_INET };
  unsigned number = 0;
  WSAStartup(MAKEWORD(2, 2), &data);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port ? atoi(port) : 0);
  server = socket(AF_INET, SOCK_STREAM, 0);
  if (!port || connect(server, (void *)&address, sizeof address)) {
    fprintf(stderr, "relay: helper.py does not answer\n");
    return LOST;
  }

  GetModuleFileNameW(NULL, path, 4096);
  name = wcsrchr(path, L'\\') + 1;
  if ((dot = wcsrchr(name, L'.'))) *dot = 0;
  give_text(name);
  GetCurrentDirectoryW(4096, path);
  give_text(path);
  give_number(count - 1);
  for (int i = 1; i < count; i++) give_text(words[i]);
  wchar_t *environment = GetEnvironmentStringsW();
  for (wchar_t *entry = environment; *entry; entry += wcslen(entry) + 1) number++;
  give_number(number);
  for (wchar_t *entry = environment; *entry; entry += wcslen(entry) + 1) give_text(entry);
  CreateThread(NULL, 0, give_input, GetStdHandle(STD_INPUT_HANDLE), 0, NULL);

  for (;;) {
    static char bytes[65536];
    char kind;
    DWORD written;
    take(&kind, 1);
    take(&number, sizeof number);
    if (kind == 'X') ExitProcess(number);
    take(bytes, number);
    HANDLE target = GetStdHandle(kind == 'O' ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
    for (char *next = bytes; number && WriteFile(target, next, number, &written, NULL); next += written, number -= written) { }
  }
}
