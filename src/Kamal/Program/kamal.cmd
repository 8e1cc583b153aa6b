@echo off
rem Kamal's command line for cmd.exe: runs the newest Kamal module of this account or of the machine in PowerShell. Copy this file and
rem start-kamal.ps1 to a directory of PATH; they go on working after an update of the module.
pwsh -NoLogo -NoProfile -File "%~dp0start-kamal.ps1" %*
