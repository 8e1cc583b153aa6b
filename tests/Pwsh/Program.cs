// What pwsh's own entry point does.
return Microsoft.PowerShell.UnmanagedPSEntry.Start(args, args.Length);
