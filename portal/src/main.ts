// The page's beginning.
import { mount } from 'svelte';
import './app.css';
import App from './pages/App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });
