// Copies a text; where the browser refuses, it says so beside the button.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { toast } from '../base/live.tsx';

export function CopyButton({ text, label, copied, failed }: { text: string; label: string; copied: string; failed: string }) {
  const [refused, setRefused] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(copied);
    } catch {
      setRefused(true);
    }
  };
  return (
    <>
      <Button variant="default" onClick={() => void copy()}>{label}</Button>
      {refused && <p className="form-error" role="alert">{failed}</p>}
    </>
  );
}
