# A function without parameters of its own: only so does PowerShell leave -P, -p, -d and -v alone, in their order.
# PowerShell drops a bare -- itself; quote it ('--') where it matters. A comma makes a list, which is put together again.
function Invoke-Kamal {
    [Alias('kamal')]
    param()
    Kamal\Invoke-KamalCommandLine -ArgumentList @(foreach ($word in $args) { if ($word -is [array]) { $word -join ',' } else { "$word" } })
}
