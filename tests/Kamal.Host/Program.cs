using Kamal.Host;

var options = HostOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(HostOptions.Usage);
    return 64;
}

return new HostRun(options).Execute();
