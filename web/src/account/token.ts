// The token of a link stands behind the #, and leaves the address bar at once.
import { useEffect, useState } from 'react';

export function useToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(null, '', window.location.pathname);
  }, []);
  return token;
}
