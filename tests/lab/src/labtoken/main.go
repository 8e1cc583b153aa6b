// labtoken issues the tokens that a registry with `auth: token` requires, as Docker Hub's auth.docker.io does.
//
//	labtoken -make DIR -host 10.211.0.2     certificates: of an authority, of the host, and the tokens' own
//	labtoken -dir DIR -listen 10.211.0.2:5005
//
// DIR/accounts has a line for each account: its name, what it may do (pull, push; "-" for nothing), its password. DIR/life, if it exists,
// is how many seconds a token is valid, and DIR/left how many tokens for pushes are left. They are read for each request. DIR/log gets a
// line for each token that was given or refused.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// leeway is how long the registry accepts a token after it expired, in case clocks differ.
const leeway = 60 * time.Second

// grace is how much longer than the client was told a token is valid: a request that uses it may still be on its way.
const grace = 2 * time.Second

type access struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

type server struct {
	dir   string
	key   *ecdsa.PrivateKey
	chain []string
	mu    sync.Mutex
}

func main() {
	makeIn := flag.String("make", "", "directory to make certificates in")
	host := flag.String("host", "", "address of the registry")
	dir := flag.String("dir", "", "directory of the certificates and accounts")
	listen := flag.String("listen", "", "address")
	flag.Parse()
	if *makeIn != "" {
		makeCertificates(*makeIn, *host)
		return
	}
	s := &server{dir: *dir}
	s.load()
	http.HandleFunc("/token", s.token)
	log.Fatal(http.ListenAndServeTLS(*listen, s.path("host.crt"), s.path("host.key"), nil))
}

func (s *server) path(name string) string { return filepath.Join(s.dir, name) }

func (s *server) load() {
	block := readPEM(s.path("token.key"))
	key, err := x509.ParseECPrivateKey(block)
	check(err)
	s.key, s.chain = key, []string{base64.StdEncoding.EncodeToString(readPEM(s.path("token.crt")))}
}

func (s *server) token(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet { // OAuth, which not every registry supports: clients then fall back to GET
		http.NotFound(w, r)
		return
	}
	name, password, _ := r.BasicAuth()
	allowed, ok := s.account(name, password)
	if !ok || !s.isLeft(r) {
		s.note("refused", name, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"details":"incorrect username or password"}`)
		return
	}
	granted := []access{}
	for _, scopes := range r.URL.Query()["scope"] {
		for _, scope := range strings.Fields(scopes) {
			first, last := strings.Index(scope, ":"), strings.LastIndex(scope, ":")
			if first < 0 || first == last {
				continue
			}
			one := access{Type: scope[:first], Name: scope[first+1 : last], Actions: []string{}}
			for _, action := range strings.Split(scope[last+1:], ",") {
				if allowed[action] {
					one.Actions = append(one.Actions, action)
				}
			}
			granted = append(granted, one)
		}
	}
	now := time.Now()
	life := 5 * time.Minute
	if text, err := os.ReadFile(s.path("life")); err == nil {
		if seconds, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			life = time.Duration(seconds) * time.Second
		}
	}
	// Backdate a token that expires soon, as if it came from a cache: clients assume at least a minute from its issue.
	issued := now
	if life < leeway {
		issued = now.Add(life - leeway)
	}
	claims := map[string]any{
		"iss": "lab", "sub": name, "aud": "lab", "access": granted, "jti": fmt.Sprint(now.UnixNano()),
		"iat": issued.Unix(), "nbf": issued.Unix(), "exp": now.Add(life + grace - leeway).Unix(),
	}
	s.note("given", name, r)
	w.Header().Set("Content-Type", "application/json")
	check(json.NewEncoder(w).Encode(map[string]any{
		"token": s.sign(claims), "expires_in": int(now.Add(life).Sub(issued).Seconds()), "issued_at": issued.UTC().Format(time.RFC3339),
	}))
}

func (s *server) account(name, password string) (map[string]bool, bool) {
	text, err := os.ReadFile(s.path("accounts"))
	check(err)
	for _, line := range strings.Split(string(text), "\n") {
		if part := strings.SplitN(line, " ", 3); len(part) == 3 && part[0] == name && part[2] == password {
			allowed := map[string]bool{}
			for _, action := range strings.Split(part[1], ",") {
				allowed[action] = true
			}
			return allowed, true
		}
	}
	return nil, false
}

// isLeft reports whether a token may be given: tokens for pushes may be limited.
func (s *server) isLeft(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := os.ReadFile(s.path("left"))
	if err != nil || !strings.Contains(strings.Join(r.URL.Query()["scope"], " "), "push") {
		return true
	}
	left, err := strconv.Atoi(strings.TrimSpace(string(text)))
	check(err)
	if left > 0 {
		check(os.WriteFile(s.path("left"), []byte(strconv.Itoa(left-1)), 0o600))
	}
	return left > 0
}

func (s *server) note(what, name string, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	client, _, _ := net.SplitHostPort(r.RemoteAddr)
	f, err := os.OpenFile(s.path("log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	check(err)
	defer f.Close()
	fmt.Fprintf(f, "%s %s %s %s\n", what, client, name, strings.Join(r.URL.Query()["scope"], " "))
}

func (s *server) sign(claims any) string {
	head, err := json.Marshal(map[string]any{"typ": "JWT", "alg": "ES256", "x5c": s.chain})
	check(err)
	body, err := json.Marshal(claims)
	check(err)
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	a, b, err := ecdsa.Sign(rand.Reader, s.key, sum[:])
	check(err)
	signature := make([]byte, 64)
	a.FillBytes(signature[:32])
	b.FillBytes(signature[32:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func makeCertificates(dir, host string) {
	check(os.MkdirAll(dir, 0o700))
	serial := int64(0)
	type change func(*x509.Certificate)
	create := func(name string, parent *x509.Certificate, parentKey crypto.Signer, to change) (*x509.Certificate, *ecdsa.PrivateKey) {
		serial++
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		check(err)
		c := &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "lab " + name},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(10, 0, 0), BasicConstraintsValid: true,
		}
		to(c)
		if parent == nil {
			parent, parentKey = c, key
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, parentKey)
		check(err)
		keyDER, err := x509.MarshalECPrivateKey(key)
		check(err)
		check(os.WriteFile(filepath.Join(dir, name+".crt"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644))
		check(os.WriteFile(filepath.Join(dir, name+".key"), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}), 0o600))
		made, err := x509.ParseCertificate(der)
		check(err)
		return made, key
	}
	ca, caKey := create("ca", nil, nil, func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign })
	create("host", ca, caKey, func(c *x509.Certificate) {
		c.IPAddresses = []net.IP{net.ParseIP(host)}
		c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	})
	create("token", ca, caKey, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature })
}

func readPEM(path string) []byte {
	text, err := os.ReadFile(path)
	check(err)
	block, _ := pem.Decode(text)
	return block.Bytes
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
